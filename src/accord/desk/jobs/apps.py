from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class JobsConfig(AppConfig):
    """Long work, done in the background by the worker of `accord serve`."""

    name = "accord.desk.jobs"

    def ready(self) -> None:
        """Learn the kinds of job that apps have in their module `work`."""
        autodiscover_modules("work")
