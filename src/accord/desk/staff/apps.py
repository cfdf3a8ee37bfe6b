from django.apps import AppConfig


class StaffConfig(AppConfig):
    """Teams, people, working hours and absences from CSV files."""

    name = "accord.desk.staff"
