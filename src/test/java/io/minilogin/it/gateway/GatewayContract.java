package io.minilogin.it.gateway;

/** The requirements for every gateway with the configuration of its page. */
abstract class GatewayContract extends RunningGateway
    implements IdentityContract,
        RefusalContract,
        RoutingContract,
        CorsContract,
        OutageContract,
        ConnectionContract,
        UpgradeContract {}
