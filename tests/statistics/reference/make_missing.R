# Writes missing_reference.json from data/missing.csv:  Rscript make_missing.R
# R 4.2.2 with Debian 12's r-cran-survey 4.1-1, r-cran-proc 1.18.0, r-cran-jsonlite. The tests need
# no R. The weighted AUC is in no package of Debian: it is written out pair by pair, and its standard
# error compared with the jackknife and, without weights, with pROC.

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

design <- svydesign(ids = ~1, weights = ~w, data = k)
one <- function(value, se) list(value = unname(value), se = unname(se))
ratio <- svyratio(~event, ~risk, design)
large <- svyglm(event ~ 1 + offset(lp), design, family = quasibinomial, control = control)
slope <- svyglm(event ~ lp, design, family = quasibinomial, control = control)

auc <- function(p, y, w) {
  wins <- outer(p[y == 1], p[y == 0], ">") + outer(p[y == 1], p[y == 0], "==") / 2
  w1 <- w[y == 1]
  w0 <- w[y == 0]
  area <- sum(outer(w1, w0) * wins) / (sum(w1) * sum(w0))
  v10 <- wins %*% w0 / sum(w0)
  v01 <- t(wins) %*% w1 / sum(w1)
  n1 <- length(w1)
  n0 <- length(w0)
  variance <- n1 / (n1 - 1) * sum((w1 * (v10 - area) / sum(w1))^2) +
    n0 / (n0 - 1) * sum((w0 * (v01 - area) / sum(w0))^2)
  list(value = area, se = sqrt(variance))
}

area <- auc(k$risk, k$event, k$w)
n <- nrow(k)
left_out <- sapply(1:n, function(i) auc(k$risk[-i], k$event[-i], k$w[-i])$value)
plain <- roc(k$event, k$risk, quiet = TRUE, direction = "<")
stopifnot(all.equal(auc(k$risk, k$event, rep(1, n))$se, sqrt(var(plain, method = "delong"))))

out <- list(
  weights = k$w,
  effective_n = sum(k$w)^2 / sum(k$w^2),
  observed_expected = one(coef(ratio), SE(ratio) / coef(ratio)),
  calibration_in_the_large = one(coef(large), SE(large)),
  calibration_slope = one(coef(slope)["lp"], SE(slope)["lp"]),
  auc = area,
  auc_jackknife_se = sqrt((n - 1) / n * sum((left_out - mean(left_out))^2)),
  delong_se = sqrt(var(plain, method = "delong"))
)
writeLines(jsonlite::toJSON(out, auto_unbox = TRUE, digits = 15), "missing_reference.json")
