"""Risk of residual back pain after kyphoplasty: the model, its record, its pages."""
