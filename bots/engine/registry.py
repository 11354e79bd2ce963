"""Finding conversations: every file of `bots/<subject>/conversations/` holds one `conversation`; clashes stop the start."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable, Iterator
from types import ModuleType

import bots
from bots.engine.conversation import Conversation


class ConversationClash(Exception):
    """Two conversations claim one word, or a file has no conversation. The sentence says which."""


class Registry:
    """Conversations by name, by opening word, by prefix, by event, and in reading order."""

    def __init__(self, found: Iterable[Conversation]) -> None:
        self.by_name: dict[str, Conversation] = {}
        self.by_word: dict[str, Conversation] = {}
        self.by_event: dict[str, list[tuple[Conversation, str]]] = {}
        prefixes: dict[str, Conversation] = {}
        for conversation in found:
            if conversation.name in self.by_name:
                raise ConversationClash(f"two conversations are called {conversation.name!r}")
            for step in (conversation.first, *conversation.events.values()):
                if step not in conversation.steps:
                    raise ConversationClash(f"{conversation.name} has no step {step!r}")
            self.by_name[conversation.name] = conversation
            for word in conversation.opens_on:
                other = self.by_word.setdefault(word, conversation)
                if other is not conversation:
                    raise ConversationClash(f"{word!r} opens both {other.name} and {conversation.name}; keep it in one")
            for prefix in conversation.prefixes:
                other = prefixes.setdefault(prefix, conversation)
                if other is not conversation:
                    raise ConversationClash(f"{prefix!r} begins both {other.name} and {conversation.name}")
            for event, step in conversation.events.items():
                self.by_event.setdefault(event, []).append((conversation, step))
        # The longer prefix is the more particular one.
        self.prefixes = sorted(prefixes.items(), key=lambda item: (-len(item[0]), item[0]))
        self.readers = sorted(
            (conversation for conversation in self.by_name.values() if conversation.reads is not None),
            key=lambda conversation: (conversation.order, conversation.name),
        )
        self.at_once = [
            conversation.at_once for _, conversation in sorted(self.by_name.items()) if conversation.at_once is not None
        ]

    def opened_by(self, text: str) -> list[Conversation]:
        """Who may begin with this text: the word's owner first, then owners of prefixes, longest first."""
        found = [self.by_word[text]] if text in self.by_word else []
        for prefix, owner in self.prefixes:
            if len(text) > len(prefix) and text.startswith(prefix) and all(owner is not other for other in found):
                found.append(owner)
        return found


def discover(house: ModuleType = bots) -> Registry:
    """The registry of every file in a folder `conversations` of a subject of `house`.

    Raises ConversationClash.
    """
    found = []
    for module in sorted(_conversation_files(house)):
        loaded = importlib.import_module(module)
        conversation = getattr(loaded, "conversation", None)
        if not isinstance(conversation, Conversation):
            raise ConversationClash(f"{module} has no `conversation`")
        found.append(conversation)
    return Registry(found)


def _conversation_files(house: ModuleType) -> Iterator[str]:
    for subject in pkgutil.iter_modules(house.__path__, f"{house.__name__}."):
        if not subject.ispkg:
            continue
        for inside in pkgutil.iter_modules(importlib.import_module(subject.name).__path__, f"{subject.name}."):
            if inside.ispkg and inside.name.endswith(".conversations"):
                folder = importlib.import_module(inside.name)
                yield from (file.name for file in pkgutil.iter_modules(folder.__path__, f"{inside.name}."))
