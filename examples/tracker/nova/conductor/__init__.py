"""The conductor's API."""

from nova.conductor import api as conductor_api


def API(use_local=False):
    return conductor_api.LocalAPI()
