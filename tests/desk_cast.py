"""The password of everybody in the desk's tests."""

PASSWORD = "robots and coffee"
