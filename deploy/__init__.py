"""The workbench as several processes behind one address: HAProxy in front, supervisor beside them."""
