# Writes clusters_reference.json from data/risks.csv:  Rscript make_clusters.R
# R 4.2.2 with Debian 12's r-cran-sandwich 3.0-2, r-cran-boot 1.3-28.1, r-cran-proc 1.18.0 and
# r-cran-jsonlite. Run it again only to add values; the tests need no R.
#
# Rows of one set belong to `patients` patients: row i (from 0) to patient i * 7 mod patients.
# Intercepts, slope, O/E: sandwich::vcovCL, HC0 with G / (G - 1). AUC: the formulas of Obuchowski
# (Biometrics 1997;53:567), written out pair by pair; pROC's DeLong where each row is a patient.
# Net benefit: boot, 20,000 resamples of rows, and of patients with all of their rows.

suppressMessages({
  library(sandwich)
  library(boot)
  library(pROC)
})

risks <- read.csv("data/risks.csv", colClasses = c("character", "numeric", "integer"))
control <- glm.control(epsilon = 1e-14, maxit = 100)
thresholds <- c(0.1, 0.184, 0.3, 0.6)
out <- list(thresholds = thresholds)

obuchowski <- function(p, y, id) {
  x <- p[y == 1]; z <- p[y == 0]
  pairs <- outer(x, z, function(a, b) (a > b) + (a == b) / 2)
  theta <- mean(pairs)
  ids <- unique(id)
  won <- sapply(ids, function(i) sum(rowMeans(pairs)[id[y == 1] == i] - theta))
  lost <- sapply(ids, function(i) sum(colMeans(pairs)[id[y == 0] == i] - theta))
  with_events <- length(unique(id[y == 1])); with_others <- length(unique(id[y == 0]))
  s10 <- with_events / ((with_events - 1) * length(x)) * sum(won^2)
  s01 <- with_others / ((with_others - 1) * length(z)) * sum(lost^2)
  s11 <- length(ids) / (length(ids) - 1) * sum(won * lost)
  list(auc = theta, variance = s10 / length(x) + s01 / length(z) + 2 * s11 / (length(x) * length(z)))
}
benefit <- function(p, y)
  c(sapply(thresholds, function(t) mean(p >= t & y == 1) - mean(p >= t & y == 0) * t / (1 - t)),
    sapply(thresholds, function(t) mean(p >= t & y == 1) - mean(p >= t & y == 0) * t / (1 - t) -
             (mean(y) - (1 - mean(y)) * t / (1 - t))))
ends <- function(found) {
  q <- apply(found$t, 2, quantile, c(0.025, 0.975))
  m <- length(thresholds)
  list(low = q[1, 1:m], high = q[2, 1:m], over_all_low = q[1, m + 1:m], over_all_high = q[2, m + 1:m],
       sd = apply(found$t, 2, sd)[m + 1:m])
}
se <- function(fit, id, name) sqrt(vcovCL(fit, cluster = id, type = "HC0", cadjust = TRUE)[name, name])

for (set in list(list("smooth", 400), list("ties", 50), list("odd", 60))) {
  p <- risks$risk[risks$set == set[[1]]]
  y <- risks$event[risks$set == set[[1]]]
  lp <- qlogis(p)
  id <- (7 * (seq_along(p) - 1)) %% set[[2]]
  large <- glm(y ~ 1, offset = lp, family = binomial, control = control)
  both <- glm(y ~ lp, family = binomial, control = control)
  rate <- glm(y ~ 1, family = poisson, control = control)
  rows <- split(seq_along(p), id)
  set.seed(1)
  out$sets[[set[[1]]]] <- list(
    patients = length(unique(id)),
    auc = obuchowski(p, y, id),
    auc_of_rows = obuchowski(p, y, seq_along(p))$variance,
    auc_proc = var(roc(y, p, quiet = TRUE, direction = "<"), method = "delong"),
    log_observed_expected_se = se(rate, id, "(Intercept)"),
    in_the_large_se = se(large, id, "(Intercept)"),
    intercept_se = se(both, id, "(Intercept)"),
    slope_se = se(both, id, "lp"),
    benefit_of_rows = ends(boot(seq_along(p), function(d, i) benefit(p[d[i]], y[d[i]]), 20000)),
    benefit_of_patients = ends(boot(seq_along(rows), function(d, i) {
      r <- unlist(rows[i], use.names = FALSE)
      benefit(p[r], y[r])
    }, 20000)))
}
writeLines(jsonlite::toJSON(out, digits = NA, auto_unbox = TRUE, pretty = 1), "clusters_reference.json")
