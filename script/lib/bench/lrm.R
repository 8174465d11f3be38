# The same risks by R's rms, for script/lib/bench/core.py. In the folder given: covariates.bin, one
# column after the other, and coefficients.bin, intercept first. Writes risks.bin, and on standard
# output the processor time of each prediction in seconds.
suppressPackageStartupMessages(library(rms))
given <- commandArgs(TRUE)
numbers <- function(name) {
    file <- file.path(given[1], name)
    readBin(file, "double", file.size(file) / 8)
}
coefficients <- numbers("coefficients.bin")
names <- paste0("x", seq_len(length(coefficients) - 1))
patients <- as.data.frame(matrix(numbers("covariates.bin"), ncol = length(names)))
colnames(patients) <- names
# Any fit will do: its coefficients become those of the model, so that its risks do, too.
few <- patients[1:569, ]
set.seed(1)
few$event <- rbinom(nrow(few), 1, 0.2)
model <- lrm(reformulate(names, "event"), data = few)
model$coefficients[] <- coefficients
for (turn in seq_len(as.integer(given[2]))) {
    took <- system.time(risk <- predict(model, patients, type = "fitted"))
    cat(took[["user.self"]] + took[["sys.self"]], "\n")
}
writeBin(as.double(risk), file.path(given[1], "risks.bin"))
