"""Reads texts from standard input, a JSON string a line, and prints the trees that libyaml makes of them.

A line is a list: the tree of each document, and a text in place of the first that cannot be read. Merge
keys are applied as goyaml.v2 does, where they are written; !!binary is decoded as it does.
"""
import base64
import json
import re
import sys

import yaml

YAML = "tag:yaml.org,2002:"


class Refused(Exception):
    pass


def scalar(node):
    if node.tag != YAML + "binary":
        return node.value
    text = re.sub("[\r\n]", "", node.value)
    if not re.fullmatch("([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?", text):
        raise Refused("no base64")
    return base64.b64decode(text).decode("utf-8", "replace")


def tree(node, above=()):
    if id(node) in above:
        raise Refused("an alias of what contains it")
    above = (*above, id(node))
    if isinstance(node, yaml.ScalarNode):
        return scalar(node)
    if isinstance(node, yaml.SequenceNode):
        return [tree(item, above) for item in node.value]
    entries = {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise Refused("a key that is no scalar")
        if key.tag == YAML + "merge":
            sources = value.value if isinstance(value, yaml.SequenceNode) else [value]
            for source in reversed(sources):
                if not isinstance(source, yaml.MappingNode):
                    raise Refused("a merge of no mapping")
                entries.update(tree(source, above))
        else:
            entries[scalar(key)] = tree(value, above)
    return entries


def documents(text):
    read = []
    loader = yaml.CLoader(text)
    try:
        while loader.check_node():
            read.append(tree(loader.get_node()))
    except (yaml.YAMLError, Refused, RecursionError, ValueError) as error:
        read.append(str(error))
        return read, True
    finally:
        loader.dispose()
    return read, False


for line in sys.stdin:
    read, broken = documents(json.loads(line))
    print(json.dumps({"documents": read[:-1] if broken else read, "broken": broken}))
