# Writes r_reference.json from data/*.csv:  Rscript make_reference.R
# R 4.2.2 with Debian 12's r-cran-proc 1.18.0, r-cran-rms 6.5-0, r-cran-metafor 3.8-1,
# r-cran-jsonlite. Where Debian has no package (ResourceSelection, dcurves) the definition is
# written out in base R. Run it again only to add values; the tests need no R.

suppressMessages({
  library(pROC)
  library(rms)
  library(metafor)
})

risks <- read.csv("data/risks.csv", colClasses = c("character", "numeric", "integer"))
cohort <- read.csv("data/cohort.csv")
out <- list()

# Version 1 of the model on the cohort: Table 7 and its reconstructed curve (rong2025/version_1.py).
points <- with(cohort, 0.95 * (100 - age_years) + 16.32 * (t_score >= -3.5) + 19.58 * trauma_history +
  44.21 * posterior_fascia_edema + 3.47 * (pdw_fl - 6) + 2.55 * (115 - chloride_mmol_l) +
  35.68 * (1 - mvh_restored))
risks <- rbind(risks, data.frame(set = "published", risk = plogis((points - 154.59609313508565) / 24.488005400489964),
                                 event = cohort$rbp))

# ---- Sets of risks -----------------------------------------------------------------------------

# Hosmer and Lemeshow, the groups of ResourceSelection::hoslem.test.
hosmer <- function(p, y, g = 10) {
  breaks <- unique(quantile(p, probs = seq(0, 1, 1 / g)))
  group <- droplevels(cut(p, breaks = breaks, include.lowest = TRUE))
  n <- as.vector(table(group))
  o <- as.vector(tapply(y, group, sum))
  e <- as.vector(tapply(p, group, sum))
  chi2 <- sum((o - e)^2 / e + (o - e)^2 / (n - e))
  list(n = n, observed = o, expected = e, chi2 = chi2, groups = length(n),
       p = pchisq(chi2, length(n) - 2, lower.tail = FALSE),
       external_p = pchisq(chi2, length(n), lower.tail = FALSE))
}

spline_curve <- function(p, y, k) {
  d <<- data.frame(lp = qlogis(p), y = y)
  knots <- unname(rcspline.eval(d$lp, nk = k, knots.only = TRUE))
  fit <- lrm(y ~ rcs(lp, knots), data = d, x = TRUE, y = TRUE, maxit = 100, eps = 1e-12, tol = 1e-14)
  at <- seq(min(d$lp), max(d$lp), length = 7)
  curve <- predict(fit, data.frame(lp = at), se.fit = TRUE)
  distance <- abs(plogis(predict(fit)) - p)
  list(knots = knots, at = plogis(at), observed = plogis(curve$linear.predictors),
       low = plogis(curve$linear.predictors - qnorm(0.975) * curve$se.fit),
       high = plogis(curve$linear.predictors + qnorm(0.975) * curve$se.fit),
       ici = mean(distance), e50 = median(distance), e90 = unname(quantile(distance, 0.9)))
}

likelihood_ratios <- function(lp, y) {
  control <- glm.control(epsilon = 1e-14, maxit = 100)
  both <- glm(y ~ lp, family = binomial, control = control)
  intercept <- glm(y ~ 1, offset = lp, family = binomial, control = control)
  original <- sum(y * lp - log1p(exp(lp)))
  list(both_against_original = 2 * (as.numeric(logLik(both)) - original),
       both_against_intercept = 2 * as.numeric(logLik(both) - logLik(intercept)))
}

wald <- function(fit, name) {
  s <- coef(summary(fit))
  list(value = unname(s[name, 1]), se = unname(s[name, 2]))
}

for (name in unique(risks$set)) {
  p <- risks$risk[risks$set == name]
  y <- risks$event[risks$set == name]
  lp <- qlogis(p)
  r <- roc(y, p, quiet = TRUE, direction = "<")
  best <- coords(r, "best", best.method = "youden", ret = c("threshold", "sensitivity", "specificity"))
  at <- coords(r, 0.184, input = "threshold", ret = c("tp", "fp", "tn", "fn"))
  control <- glm.control(epsilon = 1e-14, maxit = 100)
  thresholds <- c(0.05, 0.1, 0.184, 0.3, 0.5, 0.8)
  vp <- suppressWarnings(val.prob(p, y, pl = FALSE))
  k <- if (min(sum(y), sum(1 - y)) >= 100) 5 else if (min(sum(y), sum(1 - y)) >= 50) 4 else 3
  out$sets[[name]] <- list(
    auc = as.numeric(auc(r)),
    auc_ci95 = as.numeric(ci.auc(r, method = "delong"))[c(1, 3)],
    auc_variance = var(r, method = "delong"),
    youden = best,
    at_0184 = at,
    in_the_large = wald(glm(y ~ 1, offset = lp, family = binomial, control = control), "(Intercept)"),
    intercept = wald(glm(y ~ lp, family = binomial, control = control), "(Intercept)"),
    slope = wald(glm(y ~ lp, family = binomial, control = control), "lp"),
    brier = mean((p - y)^2),
    val_prob = list(c = unname(vp["C (ROC)"]), brier = unname(vp["Brier"]),
                    intercept = unname(vp["Intercept"]), slope = unname(vp["Slope"])),
    hosmer = hosmer(p, y),
    hosmer_7 = hosmer(p, y, 7),
    spline = spline_curve(p, y, k),
    net_benefit = list(
      threshold = thresholds,
      model = sapply(thresholds, function(t)
        mean(p >= t & y == 1) - mean(p >= t & y == 0) * t / (1 - t)),
      all = sapply(thresholds, function(t) mean(y) - (1 - mean(y)) * t / (1 - t))),
    closed_test = likelihood_ratios(lp, y))
}

# Hmisc's knots of the first n risks; below 100 the outer ones are the 5th lowest and highest.
smooth <- qlogis(risks$risk[risks$set == "smooth"])
out$knots <- unlist(lapply(c(12, 20, 60, 99, 100), function(n) lapply(3:5, function(k)
  list(n = n, k = k, knots = unname(rcspline.eval(smooth[seq_len(n)], nk = k, knots.only = TRUE))))),
  recursive = FALSE)

# ---- Development -------------------------------------------------------------------------------

data <- with(cohort, data.frame(
  age = age_years, bmd = as.integer(t_score < -3.5), trauma_history, posterior_fascia_edema,
  pdw = pdw_fl, chloride = chloride_mmol_l, mvh = mvh_restored, rbp))
names <- setdiff(names(data), "rbp")
fit <- glm(rbp ~ ., data = data, family = binomial, control = glm.control(epsilon = 1e-14, maxit = 100))
s <- coef(summary(fit))
out$regression <- list(
  names = rownames(s), beta = unname(s[, 1]), se = unname(s[, 2]), p = unname(s[, 4]),
  log_likelihood = as.numeric(logLik(fit)), covariance = unname(vcov(fit)))
for (name in names) {
  x <- data[[name]]
  y <- data$rbp
  r <- roc(y, x, quiet = TRUE)
  t <- t.test(x[y == 0], x[y == 1], var.equal = TRUE)
  w <- wilcox.test(x[y == 0], x[y == 1], exact = FALSE, correct = FALSE)
  q <- if (length(unique(x)) == 2) chisq.test(table(x, y), correct = FALSE) else list()
  out$predictors[[name]] <- list(
    t = unname(t$statistic), t_p = t$p.value, rank_sum_p = w$p.value,
    chi2 = unname(q$statistic), chi2_p = q$p.value,
    auc = as.numeric(auc(r)), auc_ci95 = as.numeric(ci.auc(r))[c(1, 3)],
    higher_is_risk = r$direction == "<")
}

dd <- datadist(data)
options(datadist = "dd")
refit <- lrm(rbp ~ age + bmd + trauma_history + posterior_fascia_edema + pdw + chloride + mvh,
             data = data, x = TRUE, y = TRUE, eps = 1e-12, tol = 1e-14)
nom <- nomogram(refit, fun = plogis, fun.at = c(0.1, 0.5, 0.9), lp = FALSE)
for (name in names)
  out$nomogram[[name]] <- list(value = nom[[name]][[name]], points = nom[[name]]$points)
out$nomogram_risk <- list(risk = as.numeric(nom[["Predicted Value"]]$fat),
                          points = nom[["Predicted Value"]]$x)
set.seed(1)
v <- validate(refit, B = 1000)
out$optimism <- list(auc = unname(v["Dxy", "optimism"]) / 2, brier = unname(v["B", "optimism"]),
                     slope = unname(v["Slope", "index.corrected"]),
                     intercept = unname(v["Intercept", "index.corrected"]))

# ---- pretty ------------------------------------------------------------------------------------

set.seed(2)
ends <- rbind(
  c(50, 97), c(6.4, 21.3), c(91.2, 113.7), c(0, 287.31), c(-3.5, 4), c(0, 1), c(0.012, 0.019),
  c(1e-7, 3e-7), c(99, 101), c(-20, -3), c(1e6, 1.3e7), c(0, 10), c(49.9, 50.1),
  t(replicate(60, sort(signif(runif(2, -1, 1) * 10^sample(-3:4, 1), 3)))))
out$pretty <- lapply(seq_len(nrow(ends)), function(i)
  list(low = ends[i, 1], high = ends[i, 2], values = pretty(ends[i, ], n = 10)))

# ---- Random effects ----------------------------------------------------------------------------

pooled <- function(y, v) {
  fit <- rma(y, v, method = "REML", test = "knha", control = list(threshold = 1e-14, maxiter = 10000))
  usual <- rma(y, v, method = "REML", control = list(threshold = 1e-14, maxiter = 10000))
  interval <- predict(fit)
  list(y = y, v = v, value = as.numeric(fit$beta), se = fit$se, se_wald = usual$se, low = fit$ci.lb,
       high = fit$ci.ub, tau2 = fit$tau2, q = fit$QE, q_p = fit$QEp, i2 = fit$I2 / 100,
       weights = unname(weights(fit)) / 100, prediction = c(interval$pi.lb, interval$pi.ub))
}
bcg <- escalc(measure = "RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg)
out$random_effects <- list(
  bcg = pooled(as.numeric(bcg$yi), as.numeric(bcg$vi)),
  three = pooled(c(1.31, 1.02, 1.75), c(0.012, 0.031, 0.02)),
  alike = pooled(c(0.9, 0.91, 0.89, 0.92), c(0.02, 0.03, 0.01, 0.05)))

writeLines(jsonlite::toJSON(out, digits = NA, auto_unbox = TRUE, pretty = 1), "r_reference.json")
