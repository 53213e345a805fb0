"""Persona templates: who the model is asked to be, and how often that student is right.

persona_templates/ holds one YAML file per persona, `prompt.yml`, the frame that every prompt shares, attributes/ to
cross personas with, and exemplars/ to show. The texts are this project's own: a reimplementation of the idea of arXiv
2504.06460, whose exact prompts were not at hand.

A persona with an expected accuracy is measured against it, so every one of its wordings has to promise that accuracy
to the model.
"""

from reversed_persona.personas.loading import FINAL_ANSWER_DEMAND, Templates, load_templates, template_folder
from reversed_persona.personas.records import Attribute, AttributeValue, Exemplar, Frame, Persona, Wording

__all__ = [
    "FINAL_ANSWER_DEMAND",
    "Attribute",
    "AttributeValue",
    "Exemplar",
    "Frame",
    "Persona",
    "Templates",
    "Wording",
    "load_templates",
    "template_folder",
]
