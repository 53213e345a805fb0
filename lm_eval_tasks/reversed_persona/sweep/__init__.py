"""Many models and tasks: one lm-eval run each, here or on a cluster, resumable.

records, file   what a sweep's file says, checked line by line
planning        the file -> runs: folder, command and configuration of each
folders         what a run's folder tells: complete, in progress, or how it ended
attempt         one try at a run, in a process that outlives the driver
local, cluster  where runs are started: this machine's GPUs, or Slurm
driver          starts what has room, waits for what runs, goes on where one fails
progress        what is said meanwhile, and the table at the end
"""
