# Writes missing_reference.json from data/missing.csv:  Rscript make_missing.R
# R 4.2.2 with Debian 12's r-cran-survey 4.1-1, r-cran-proc 1.18.0, r-cran-jsonlite. The tests need
# no R. The weighted AUC is in no package of Debian: it is written out pair by pair, and its standard
# error compared with the jackknife and, without weights, with pROC. `repeated`: the same rows of 150
# patients, row i (from 0) of patient i * 7 mod 150; the AUC's error is Obuchowski's (Biometrics
# 1997;53:567), weighted.

suppressMessages({
  library(survey)
  library(pROC)
})

d <- read.csv("data/missing.csv")
control <- glm.control(epsilon = 1e-14, maxit = 100)
propensity <- glm(known ~ number + answer, family = binomial, data = d, control = control)
k <- d[d$known == 1, ]
raw <- mean(d$known) / fitted(propensity)[d$known == 1]
ends <- unname(quantile(raw, c(0.01, 0.99)))
k$w <- pmin(pmax(raw, ends[1]), ends[2])
k$lp <- qlogis(k$risk)

one <- function(value, se) list(value = unname(value), se = unname(se))
robust <- function(patients) {
  design <- svydesign(ids = patients, weights = ~w, data = k)
  ratio <- svyratio(~event, ~risk, design)
  large <- svyglm(event ~ 1 + offset(lp), design, family = quasibinomial, control = control)
  slope <- svyglm(event ~ lp, design, family = quasibinomial, control = control)
  list(
    observed_expected = one(coef(ratio), SE(ratio) / coef(ratio)),
    calibration_in_the_large = one(coef(large), SE(large)),
    calibration_slope = one(coef(slope)["lp"], SE(slope)["lp"])
  )
}

auc <- function(p, y, w, id = seq_along(p)) {
  wins <- outer(p[y == 1], p[y == 0], ">") + outer(p[y == 1], p[y == 0], "==") / 2
  w1 <- w[y == 1]
  w0 <- w[y == 0]
  area <- sum(outer(w1, w0) * wins) / (sum(w1) * sum(w0))
  v10 <- wins %*% w0 / sum(w0)
  v01 <- t(wins) %*% w1 / sum(w1)
  ids <- unique(id)
  won <- sapply(ids, function(i) sum((w1 * (v10 - area))[id[y == 1] == i]) / sum(w1))
  lost <- sapply(ids, function(i) sum((w0 * (v01 - area))[id[y == 0] == i]) / sum(w0))
  share <- function(g) g / (g - 1)
  variance <- share(length(unique(id[y == 1]))) * sum(won^2) +
    share(length(unique(id[y == 0]))) * sum(lost^2) +
    2 * share(length(ids)) * sum(won * lost)
  list(value = area, se = sqrt(variance))
}

area <- auc(k$risk, k$event, k$w)
n <- nrow(k)
left_out <- sapply(1:n, function(i) auc(k$risk[-i], k$event[-i], k$w[-i])$value)
plain <- roc(k$event, k$risk, quiet = TRUE, direction = "<")
stopifnot(all.equal(auc(k$risk, k$event, rep(1, n))$se, sqrt(var(plain, method = "delong"))))

k$id <- (7 * (seq_len(n) - 1)) %% 150
ids <- unique(k$id)
without <- sapply(ids, function(i) with(k[k$id != i, ], auc(risk, event, w)$value))
of_patients <- c(
  list(patients = length(ids)),
  robust(~id),
  list(
    auc = auc(k$risk, k$event, k$w, k$id),
    auc_jackknife_se = sqrt((length(ids) - 1) / length(ids) * sum((without - mean(without))^2))
  )
)

out <- c(
  list(weights = k$w, effective_n = sum(k$w)^2 / sum(k$w^2)),
  robust(~1),
  list(
    auc = area,
    auc_jackknife_se = sqrt((n - 1) / n * sum((left_out - mean(left_out))^2)),
    delong_se = sqrt(var(plain, method = "delong")),
    repeated = of_patients
  )
)
writeLines(jsonlite::toJSON(out, auto_unbox = TRUE, digits = 15), "missing_reference.json")
