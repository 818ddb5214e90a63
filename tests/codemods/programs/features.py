"""The features that made-up programs do without for now, each with what is wrong with it.

A feature goes out of this table when programs that have it answer the same after their rewrite as
before. Its smallest program is in `test_kept.py`.
"""

from made_up import FEATURES

OFF = {
    "deleted_number": "`deleted` is a number in a row, and a bool in an object",
    "dict_merged": "`**row` in a literal takes no object",
    "dispatch_choice": "one of the methods that a name may be is taken for all of them",
    "expected_state": "the handle goes though a call stays in whose arguments a row is read",
    "instance_result": "the handle goes though a call stays in whose arguments a row is read",
    "nonlocal": "a nested function that gives the name another value is not seen",
    "not_joined_error": "a row has no nodes unless they were asked for, an object always",
    "override_escapes": "an override of what takes a row wants a dict",
    "rebind_kind": "a name that held something else before is taken for an object",
    "rebind_parameter": "a parameter is taken for an object before it is given one",
    "refused_column": "instance_update() refuses columns that save() stores",
    "result_shape": "the handle goes though a call stays in the statement of one that is rewritten",
    "stats_literal": "stats are set to text that is no json.dumps()",
    "update_by_row": "what only a row has is set on the object",
    "update_order": "values that are read from the row see those that were set before",
    "update_stale": "the caller's own row changes with the one that is stored",
    "values_before_row": "a value is set on an object that is only read later",
    "whole_row_form": "an object has other keys than a row, and values of other types",
}

#: What the default programs are made of.
ON = FEATURES - OFF.keys()
