# The unit tests as a lit suite: one GoogleTest executable for each folder.
import os

import lit.formats

config.name = "LinkGrad-Unit"
config.test_source_root = os.path.join(config.binary_dir, "test", "unittests")
config.test_exec_root = config.test_source_root
config.test_format = lit.formats.GoogleTest(".", "Tests")
