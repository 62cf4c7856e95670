"""The world's hashrate along every scenario, and the hashprice and rig price that follow."""

from rerack.network.outlook import NetworkOutlook
from rerack.network.path import network_path
from rerack.network.spec import NetworkSpec

__all__ = ["NetworkOutlook", "NetworkSpec", "network_path"]
