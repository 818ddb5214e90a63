"""Which object does an expression hold, on every path, and how do we know?"""
