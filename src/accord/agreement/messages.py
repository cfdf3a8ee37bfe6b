"""What both teams say: propositions, the claims they rest on, and the terms they use. One YAML file."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from accord.agreement.models import Name, Section, Words

Sentence = Annotated[str, Field(min_length=1, max_length=4000)]


class Claim(Section):
    """Something said about the product that must be provable."""

    name: Name = Field(description="Short name; propositions name it.")
    text: Sentence = Field(description="The claim as it may be said.")
    proof: Sentence | None = Field(
        default=None, description="Where it is shown: a study, a measurement, a customer."
    )


class Proposition(Section):
    """Why someone should buy."""

    name: Name = Field(description="Short name.")
    text: Sentence = Field(description="The proposition in a sentence or two.")
    persona: Name | None = Field(
        default=None, description="For which persona of the agreement; without it for all."
    )
    segment: Name | None = Field(
        default=None, description="For which segment of the agreement; without it for all."
    )
    stage: Name | None = Field(default=None, description="At which stage of the agreement it is said.")
    claims: tuple[Name, ...] = Field(default=(), description="The claims it rests on.")


class Term(Section):
    """A word both teams use, and the words they do not."""

    use: Sentence = Field(description="The word to use.")
    means: Sentence | None = Field(default=None, description="What it means.")
    avoid: Words = Field(default=(), description="Words not to use for it.")


class Messages(Section):
    """The messages file."""

    propositions: tuple[Proposition, ...] = Field(default=(), description="Why someone should buy.")
    claims: tuple[Claim, ...] = Field(default=(), description="What may be said, and its proof.")
    terms: tuple[Term, ...] = Field(default=(), description="Words both teams use.")
