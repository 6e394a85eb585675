"""The BPMN machine: pure, and the only importer of SpiffWorkflow."""
