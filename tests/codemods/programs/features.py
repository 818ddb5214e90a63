"""The features that made-up programs do without for now, each with what is wrong with it.

A feature goes out of this table when programs that have it answer the same after their rewrite as
before. Its smallest program is in `test_kept.py`.
"""

from made_up import FEATURES

OFF = {
    "compare_nested": "rows in a tuple, list or dict are compared by identity",
    "decorator_dict": "a decorator gives a dict where the method gives an object",
    "deleted_number": "`deleted` is a number in a row, and a bool in an object",
    "dict_changed": "an object has no pop(), setdefault(), clear(), and no keys of its own",
    "dict_unpacked": "`**row` in a literal, and dict() as a value, take no object",
    "dict_update_by_row": "dict.update() takes no object",
    "dict_update_keywords": "an object's update() takes no keywords",
    "dispatch_choice": "one of the methods that a name may be is taken for all of them",
    "endpoint_direct": "who calls a method by its name may send it a dict",
    "enumerate": "a row out of enumerate() is not followed",
    "expected_state": "the handle goes though a call stays in whose arguments a row is read",
    "hash": "an object can be a key, a dict cannot: no program that ran has this",
    "inherit": "a file that only reads an inherited attribute is not looked at",
    "iterate_row": "iterating over an object fails once its keys are not looked up at once",
    "json": "json takes neither an object nor what obj_to_primitive() makes of its times",
    "keywords": "a call with keywords stays, while what is in its arguments is rewritten",
    "list_methods": "an object's list cannot be changed",
    "membership": "a row in a list is looked for by identity",
    "missing_key": "a key that is no field is an AttributeError of an object",
    "node_address": "an address is text in a row, and an IPAddress in an object",
    "node_json_text": "stats are text in a row, and a dict in an object",
    "nonlocal": "a nested function that gives the name another value is not seen",
    "not_joined_error": "a row has no nodes unless they were asked for, an object always",
    "override_attribute": "an override reads or writes the attribute otherwise",
    "override_dict": "an override gives a dict, or takes what only a dict can give",
    "pickle": "a row out of pickle is not followed",
    "rebind_kind": "a name that held something else before is taken for an object",
    "rebind_parameter": "a parameter is taken for an object before it is given one",
    "refused_column": "instance_update() refuses columns that save() stores",
    "result_shape": "the handle goes though a call stays in the statement of one that is rewritten",
    "result_used": "the handle goes though a call stays in whose arguments a row is read",
    "text": "the text of an object is not that of a dict",
    "time_compare_text": "a time is text in a row, and a datetime in an object",
    "time_given": "a time is text in a row, and a datetime in an object",
    "time_text": "a time is text in a row, and a datetime in an object",
    "type": "an object is no dict",
    "update_by_row": "what only a row has is set on the object",
    "update_order": "values that are read from the row see those that were set before",
    "update_stale": "the caller's own row changes with the one that is stored",
    "values_before_row": "a value is set on an object that is only read later",
    "whole_row_values": "an object has other keys than a row, and values of other types",
    "with": "a row out of a context manager is not followed",
    "yield_dict": "a row that is yielded is not followed to where only a dict will do",
}

#: What the default programs are made of.
ON = FEATURES - OFF.keys()
