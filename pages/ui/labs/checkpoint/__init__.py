"""The checkpoint panels of the labs: `of_run` for a `RunLab`, and the parts that those of all labs share."""
