# Writes pooling_reference.json:  Rscript make_pooling.R
# R 4.2.2 with Debian 12's r-cran-metafor 3.8-1 and r-cran-jsonlite. Run it again only to add
# values; the tests need no R.
#
# Sets of estimates whose REML does not settle with metafor's full steps: they run in a circle
# (`full_steps` has the message). Found among 18,000 sets drawn with numpy's default_rng(1), 3 to 8
# centers each. metafor with half steps, and R's `optimize` on metafor's restricted likelihood, give
# the maximum. `prediction` is that of Higgins, Thompson and Spiegelhalter (t, k - 2 df), which
# metafor calls "riley"; its own default is t with k - 1 df after Knapp and Hartung.

suppressMessages(library(metafor))

steps <- function(share) list(threshold = 1e-14, maxiter = 10000, stepadj = share)
full_steps <- function(y, v)
  tryCatch({
    rma(y, v, method = "REML", control = steps(1))
    "settled"
  }, error = function(e) conditionMessage(e))
likelihood <- function(tau2, y, v)
  as.numeric(logLik(rma(y, v, method = "REML", tau2 = tau2)))
pooled <- function(y, v) {
  fit <- rma(y, v, method = "REML", test = "knha", control = steps(0.5))
  usual <- rma(y, v, method = "REML", control = steps(0.5))
  best <- optimize(likelihood, c(0, 4 * (var(y) + max(v))), y = y, v = v, maximum = TRUE, tol = 1e-12)
  riley <- predict(fit, pi.type = "riley")
  default <- predict(fit)
  list(y = y, v = v, full_steps = full_steps(y, v), tau2 = fit$tau2, tau2_optimize = best$maximum,
       se = fit$se, se_wald = usual$se,
       prediction = c(riley$pi.lb, riley$pi.ub), prediction_default = c(default$pi.lb, default$pi.ub))
}
bcg <- escalc(measure = "RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg)
out <- list(
  cycle_to_zero = pooled(
    c(0.0312, -0.1102, -0.3779, -0.2089, 0.0581, -0.2561, -0.0755, -0.1823),
    c(0.06473, 0.04961, 0.14314, 0.09132, 0.00166, 0.03654, 0.0456, 0.03209)),
  cycle_to_zero_of_seven = pooled(
    c(-0.1559, 0.1388, 0.1858, -0.0574, 0.2153, 0.0813, 0.3011),
    c(0.13829, 0.09591, 0.04088, 0.00634, 0.13372, 0.05305, 0.05771)),
  slow_circle = pooled(
    c(0.0562, -0.2046, -0.2343, -0.3022, -0.165, 0.0224, -0.0129, 0.2573),
    c(0.18258, 0.07455, 0.06317, 0.0095, 0.08754, 0.08022, 0.06403, 0.01182)),
  bcg = pooled(as.numeric(bcg$yi), as.numeric(bcg$vi)),
  three = pooled(c(1.31, 1.02, 1.75), c(0.012, 0.031, 0.02)))
writeLines(jsonlite::toJSON(out, digits = NA, auto_unbox = TRUE, pretty = 1), "pooling_reference.json")
