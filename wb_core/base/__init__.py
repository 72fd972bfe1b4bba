"""What every kind of training needs: errors, fields, devices, history, one training step. Imports no kind."""
