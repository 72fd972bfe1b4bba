"""What every kind of training stands on: errors, fields, devices, history, one step. It knows of no kind."""
