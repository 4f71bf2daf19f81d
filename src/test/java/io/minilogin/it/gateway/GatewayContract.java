package io.minilogin.it.gateway;

/** All that a gateway must do whose configuration is the one on its page. */
abstract class GatewayContract extends RunningGateway
    implements IdentityContract,
        RefusalContract,
        RoutingContract,
        CorsContract,
        OutageContract,
        ConnectionContract,
        UpgradeContract {}
