"""lm-eval on two CPU processes: started by torchrun in test_data_parallel.py.

lm-eval asks accelerate for the rank only where there is more than one GPU; this does so on CPUs as well.
"""

import sys

from lm_eval.models.huggingface import HFLM

from reversed_persona.cli import main

load = HFLM.__init__


def load_and_take_rank(self: HFLM, *arguments: object, **options: object) -> None:
    load(self, *arguments, **options)
    if hasattr(self, "accelerator"):  # not where there is one process
        self._rank = self.accelerator.local_process_index
        self._world_size = self.accelerator.num_processes


HFLM.__init__ = load_and_take_rank

if __name__ == "__main__":
    sys.exit(main(["run", *sys.argv[1:]]))
