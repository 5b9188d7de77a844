"""graph: which file uses which, from the includes and from the symbols of the built objects.

A .c and the .h of the same name are one node, named by their path without the ending.  A uses B
when A includes B's header, or when A's object needs a symbol that B's object defines.  Calls
through function pointers are no use: that is how a lower file may reach a higher one.
"""
import json
import os
import re
import subprocess


def node_of(path):
    return os.path.splitext(path)[0]


def folder_of(path):
    return os.path.dirname(path)


class Graph:
    """uses[a][b] is the list of reasons why a uses b, such as '#include "b.h"' or 'b_open'."""

    def __init__(self, root='.'):
        self.root = root  # what the paths of sources are relative to
        self.uses = {}
        self.defined, self.needed = {}, {}  # {symbol: sources}

    def add(self, user, used, reason):
        if user != used:
            reasons = self.uses.setdefault(user, {}).setdefault(used, [])
            if reason not in reasons:
                reasons.append(reason)
            self.uses.setdefault(used, {})

    def add_includes(self, paths, include_dirs):
        """#include "x/y.h" is looked up beside the file and in include_dirs."""
        for path in paths:
            self.uses.setdefault(node_of(path), {})
            with open(os.path.join(self.root, path), encoding='utf-8', errors='replace') as file:
                names = re.findall(r'^\s*#\s*include\s+"([^"]+)"', file.read(), flags=re.M)
            for name in names:
                for folder in [folder_of(path), *include_dirs]:
                    found = os.path.normpath(os.path.join(folder, name))
                    if os.path.exists(os.path.join(self.root, found)):
                        self.add(node_of(path), node_of(found), f'#include "{name}"')
                        break

    def add_symbols(self, objects, program_of):
        """objects: {source: object}.  Of a symbol that several programs define, the one of the
        user's own program counts: program_of(source)."""
        needs, defined = [], self.defined
        listed = subprocess.run(['nm', '-A', '-P', *objects.values()], check=True,
                                capture_output=True, text=True).stdout
        source_of = {objects[source]: source for source in objects}
        for line in listed.splitlines():
            where, symbol, kind = re.match(r'(.*?): (\S+) (\S)', line).groups()
            source = source_of[where]
            if kind in 'Uw':
                needs.append((source, symbol))
                self.needed.setdefault(symbol, []).append(source)
            elif kind.isupper():
                defined.setdefault(symbol, []).append(source)
        for user, symbol in needs:
            for used in defined.get(symbol, []):
                if len(defined[symbol]) == 1 or program_of(used) == program_of(user):
                    self.add(node_of(user), node_of(used), symbol)

    def circles(self):
        """The groups of nodes that all reach each other, by Tarjan's algorithm."""
        index, low, stack, found = {}, {}, [], []

        def visit(node):
            index[node] = low[node] = len(index)
            stack.append(node)
            for other in self.uses[node]:
                if other not in index:
                    visit(other)
                if other in stack:
                    low[node] = min(low[node], low[other])
            if low[node] == index[node]:
                group = stack[stack.index(node):]
                del stack[stack.index(node):]
                if len(group) > 1:
                    found.append(sorted(group))

        for node in sorted(self.uses):
            if node not in index:
                visit(node)
        return sorted(found)

    def edges(self, users, group):
        """(user, used, reasons) from users into group."""
        return [(user, used, self.uses[user][used]) for user in users
                for used in sorted(self.uses[user]) if used in group]


def objects_of(build):
    """{source: object} of what a Meson build folder has compiled."""
    with open(os.path.join(build, 'compile_commands.json'), encoding='utf-8') as file:
        commands = json.load(file)
    objects = {}
    for command in commands:
        source = os.path.relpath(os.path.join(command['directory'], command['file']))
        objects.setdefault(source, os.path.join(build, command['output']))
    return objects
