"""The objects; they are attributes of this package once they are registered."""


def register_all():
    __import__('nova.objects.compute_node')
    __import__('nova.objects.flavor')
    __import__('nova.objects.instance')
    __import__('nova.objects.migration')
    __import__('nova.objects.service')
