"""Self-refinement: a model sees its own earlier answer as a persona, says how well it fits, and answers again.

    earlier run --followups--> its answers --texts--> prompts --task--> new answers, scored beside the earlier ones

`rounds` runs a base task and such rounds one after another with the model loaded once.
"""
