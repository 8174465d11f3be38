# Writes drift_reference.json from data/risks.csv:  Rscript make_drift_reference.R
# R 4.2.2 with Debian 12's r-cran-surveillance 1.20.3 and r-cran-jsonlite. Takes some minutes.
# Run it again only to add values; the tests need no R.

suppressMessages(library(surveillance))

risks <- read.csv("data/risks.csv", colClasses = c("character", "numeric", "integer"))
smooth <- risks[risks$set == "smooth", ]
out <- list()

# ---- The chart -----------------------------------------------------------------------------------

# Steiner et al. 2000, equation (2), with R0 = 1; restarts from 0 after a signal.
own_path <- function(p, y, ra, h) {
  x <- 0
  value <- numeric(length(p))
  for (t in seq_along(p)) {
    w <- if (y[t] == 1) log(ra / (1 - p[t] + ra * p[t])) else log(1 / (1 - p[t] + ra * p[t]))
    x <- max(0, x + w)
    value[t] <- x
    if (x >= h) x <- 0
  }
  value
}

bernoulli <- function(y, size, mu, log = FALSE) dbinom(y[1], size = size, prob = mu[1], log = log)

surveillance_path <- function(p, y, ra, h) {
  series <- sts(observed = matrix(y), population = matrix(1, length(y), 1))
  run <- categoricalCUSUM(series, control = list(
    range = seq_along(y), h = h, pi0 = matrix(p, 1), pi1 = matrix(ra * p / (1 - p + ra * p), 1),
    dfun = bernoulli, ret = "value"))
  list(value = as.numeric(upperbound(run)), alarms = which(as.logical(alarms(run))))
}

out$paths <- lapply(list(c(2, 2), c(0.5, 1.2), c(2, 100), c(0.5, 100)), function(one) {
  found <- surveillance_path(smooth$risk, smooth$event, one[1], one[2])
  list(odds_ratio = one[1], limit = one[2], value = own_path(smooth$risk, smooth$event, one[1], one[2]),
       surveillance = found$value, alarms = found$alarms)
})

# ---- Run lengths ---------------------------------------------------------------------------------

# One risk for everybody, by surveillance's own Markov chain.
out$constant <- lapply(list(c(0.2, 2, 3, 1), c(0.2, 2, 3, 2), c(0.35, 0.5, 2.5, 1), c(0.1, 2, 4, 1)),
  function(one) {
    odds <- function(r) matrix(r * one[1] / (1 - one[1] + r * one[1]))
    found <- LRCUSUM.runlength(mu = odds(one[4]), mu0 = odds(1), mu1 = odds(one[2]), h = one[3],
                               dfun = bernoulli, n = 1, g = 300)
    list(risk = one[1], odds_ratio = one[2], limit = one[3], true_odds_ratio = one[4],
         run_length = unname(found$arl))
  })

# Risks drawn from the set "smooth", by simulation of many charts side by side.
simulated <- function(p, ra, h, truth, charts) {
  x <- numeric(charts)
  length_of <- numeric(charts)
  running <- seq_len(charts)
  t <- 0
  while (length(running)) {
    t <- t + 1
    risk <- sample(p, length(running), replace = TRUE)
    event <- runif(length(running)) < truth * risk / (1 - risk + truth * risk)
    x <- pmax(0, x + ifelse(event, log(ra), 0) - log(1 - risk + ra * risk))
    over <- x >= h
    length_of[running[over]] <- t
    running <- running[!over]
    x <- x[!over]
  }
  list(odds_ratio = ra, limit = h, true_odds_ratio = truth, charts = charts,
       mean = mean(length_of), se = sd(length_of) / sqrt(charts))
}
set.seed(20001)
out$simulated <- list(
  simulated(smooth$risk, 2, 3.5, 1, 20000), simulated(smooth$risk, 0.5, 3.5, 1, 20000),
  simulated(smooth$risk, 2, 4.9, 1, 10000), simulated(smooth$risk, 0.5, 4.7, 1, 10000),
  simulated(smooth$risk, 2, 4.9, 2, 20000), simulated(smooth$risk, 0.5, 4.7, 0.5, 20000))

# ---- Observed / expected and the funnel ----------------------------------------------------------

out$ratios <- lapply(list(c(0, 3.7), c(1, 0.8), c(8, 5.25), c(40, 61.3), c(1200, 1111.1)), function(one) {
  interval <- poisson.test(one[1], T = one[2])$conf.int
  list(events = one[1], expected = one[2], low = interval[1], high = interval[2])
})

# Spiegelhalter 2005, appendix A.1.1: exact limits, interpolated between whole numbers of events.
limit <- function(p, expected) {
  r <- qpois(p, expected)
  below <- ppois(r - 1, expected)
  (r - (ppois(r, expected) - p) / (ppois(r, expected) - below)) / expected
}
out$funnel <- lapply(c(1, 2.5, 7, 20, 63.2, 400), function(expected)
  list(expected = expected, limits = sapply(c(0.001, 0.025, 0.975, 0.999), limit, expected = expected)))

writeLines(jsonlite::toJSON(out, digits = NA, auto_unbox = TRUE, pretty = 1), "drift_reference.json")
