//! The exact words each service refuses with (8.4), and that it does so after a good handshake (8.4.2).

use super::*;

/// What a service of a type answers a request, with what is made up for the occasion taken out.
#[track_caller]
fn check(resource_type: &str, question: Value, settings: Value, expected: (u16, Option<&str>, &str)) {
    let mut document = with_service(resource_type);
    for (key, value) in settings.as_object().unwrap() {
        document["platformServices"]["acct"][key] = value.clone();
    }
    let trace = ask(&document, question);
    assert!(trace.steps.iter().any(|step| matches!(step.event, Event::Connected { .. })), "the handshake succeeds");
    let Outcome::Answered { caller, .. } = &trace.outcome else { panic!("{:?}", trace.outcome) };
    let found = response(&trace);
    let body = without_guids(&found.body.replace(&caller.address.to_string(), "<ip>"));
    assert_eq!((found.status, found.error_code.as_deref(), body.as_str()), expected);
}

/// Puts `<guid>` in the place of every GUID.
fn without_guids(text: &str) -> String {
    let is_guid = |text: &str| {
        text.len() == 36
            && text
                .chars()
                .enumerate()
                .all(|(at, c)| if [8, 13, 18, 23].contains(&at) { c == '-' } else { c.is_ascii_hexdigit() })
    };
    let mut out = String::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if rest.get(..36).is_some_and(is_guid) {
            out.push_str("<guid>");
            rest = &rest[36..];
        } else {
            out.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    out
}

fn denied() -> Value {
    json!({ "networkAcls": { "defaultAction": "Deny" } })
}

fn disabled() -> Value {
    json!({ "publicNetworkAccess": "Disabled" })
}

fn login(server: &str) -> Value {
    json!({ "from": "client", "protocol": "SQL", "to": server })
}

#[test]
fn rule_8_4_storage_says_authorization_failure() {
    let body = "<?xml version=\"1.0\" encoding=\"utf-8\"?><Error><Code>AuthorizationFailure</Code><Message>This request \
        is not authorized to perform this operation.\nRequestId:<guid>\nTime:2026-01-01T00:00:00.0000000Z</Message></Error>";
    for settings in [denied(), disabled()] {
        let question = https("acct.blob.core.windows.net");
        check("Microsoft.Storage/storageAccounts", question, settings, (403, Some("AuthorizationFailure"), body));
    }
}

#[test]
fn rule_8_4_key_vault_says_forbidden_by_connection_or_by_firewall() {
    let body = |message: &str, inner: &str| {
        let tail = r"\r\nCaller: appid=<guid>;oid=<guid>;iss=https://sts.windows.net/<guid>/\r\nVault: acct;location=westeurope.";
        format!(r#"{{"error":{{"code":"Forbidden","message":"{message}{tail}","innererror":{{"code":"{inner}"}}}}}}"#)
    };
    let check = |settings: Value, message: &str, inner: &str| {
        let expected = (403, Some(inner), &*body(message, inner));
        check("Microsoft.KeyVault/vaults", https("acct.vault.azure.net"), settings, expected);
    };
    check(
        disabled(),
        "Public network access is disabled and request is not from a trusted service nor via an approved private link.",
        "ForbiddenByConnection",
    );
    check(
        json!({ "publicNetworkAccess": "Disabled", "networkAcls": { "bypass": "None" } }),
        "Connection is not an approved private link and caller was ignored because bypass is not set to \
         'AzureServices' and PublicNetworkAccess is set to 'Disabled'.",
        "ForbiddenByConnection",
    );
    check(
        denied(),
        r"Client address is not authorized and caller is not a trusted service.\r\nClient address: <ip>",
        "ForbiddenByFirewall",
    );
    check(
        json!({ "publicNetworkAccess": "SecuredByPerimeter", "networkAcls": { "bypass": "None" } }),
        "Request was not allowed by NSP rules and the client address is not authorized and caller was ignored \
         because bypass is set to None\\r\\nClient address: <ip>",
        "ForbiddenByFirewall",
    );
}

#[test]
fn rule_8_4_sql_answers_the_login_with_40615_or_47073() {
    let server = "acct.database.windows.net";
    check(
        "Microsoft.Sql/servers",
        login(server),
        json!({}),
        (
            40615,
            Some("40615"),
            "Cannot open server 'acct' requested by the login. Client with IP address '<ip>' is not allowed to access the \
         server. To enable access, use the Azure Management Portal or run sp_set_firewall_rule on the master database \
         to create a firewall rule for this IP address or address range. It may take up to five minutes for this \
         change to take effect.",
        ),
    );
    check(
        "Microsoft.Sql/servers",
        login(server),
        disabled(),
        (
            47073,
            Some("47073"),
            "An instance-specific error occurred while establishing a connection to SQL Server. The public network \
         interface on this server is not accessible. To connect to this server, use the Private Endpoint from inside \
         your virtual network.",
        ),
    );
}

#[test]
fn rule_8_4_cosmos_names_the_address_and_the_public_internet() {
    let body = "Request originated from IP <ip> through public internet. This is blocked by your Cosmos DB account \
        firewall settings.";
    for settings in [denied(), disabled()] {
        let question = https("acct.documents.azure.com");
        check("Microsoft.DocumentDB/databaseAccounts", question, settings, (403, Some("Forbidden"), body));
    }
}

#[test]
fn rule_8_4_app_service_shows_a_page() {
    let body = "<!DOCTYPE html><html><head><title>Web App - Unavailable</title></head><body><h1>Error 403 - Forbidden\
        </h1><p>The web app you have attempted to reach has blocked your access.</p></body></html>";
    for settings in [denied(), disabled()] {
        check("Microsoft.Web/sites", https("acct.azurewebsites.net"), settings, (403, None, body));
    }
}

#[test]
fn rule_8_4_a_registry_says_denied() {
    let body = r#"{"errors":[{"code":"DENIED","message":"client with IP '<ip>' is not allowed access. Refer https://aka.ms/acr/firewall to grant access."}]}"#;
    let question = https("acct.azurecr.io");
    check("Microsoft.ContainerRegistry/registries", question, denied(), (403, Some("DENIED"), body));
}

#[test]
fn rule_8_4_service_bus_and_event_hubs_answer_401() {
    let body = "<Error><Code>401</Code><Detail>Ip has been prevented to connect to the endpoint. \
        TrackingId:<guid></Detail></Error>";
    for resource_type in ["Microsoft.ServiceBus/namespaces", "Microsoft.EventHub/namespaces"] {
        check(resource_type, https("acct.servicebus.windows.net"), denied(), (401, Some("401"), body));
    }
}

#[test]
fn rule_8_4_ai_services_say_access_denied() {
    for (settings, message) in [
        (disabled(), "Public access is disabled. Please configure private endpoint."),
        (denied(), "Access denied due to Virtual Network/Firewall rules."),
    ] {
        let body = format!(r#"{{"error":{{"code":"AccessDenied","message":"{message}"}}}}"#);
        let question = https("acct.openai.azure.com");
        check("Microsoft.CognitiveServices/accounts", question, settings, (403, Some("AccessDenied"), &body));
    }
}

#[test]
fn a_service_without_captured_words_says_that_its_words_are_made_up() {
    let mut document = with_service("Microsoft.Search/searchServices");
    document["platformServices"]["acct"]["networkAcls"] = json!({ "defaultAction": "Deny" });
    let trace = ask(&document, https("acct.search.windows.net"));
    assert_eq!(response(&trace).status, 403);
    assert!(trace.steps.iter().any(|step| step.assumptions.contains(&"A83")));
}

// 1.9: one endpoint leads to one resource.

#[test]
fn rule_1_9_2_each_service_refuses_the_name_of_another_account_in_its_own_way() {
    for (resource_type, group_id, other, status) in [
        ("Microsoft.Storage/storageAccounts", "blob", "other.blob.core.windows.net", 400),
        ("Microsoft.Storage/storageAccounts", "blob", "acct.file.core.windows.net", 400),
        ("Microsoft.KeyVault/vaults", "vault", "other.vault.azure.net", 404),
        ("Microsoft.Sql/servers", "sqlServer", "other.database.windows.net", 40532),
        ("Microsoft.DocumentDB/databaseAccounts", "Sql", "other.documents.azure.com", 403),
        ("Microsoft.Web/sites", "sites", "other.azurewebsites.net", 404),
    ] {
        let mut document = with_service(resource_type);
        add_endpoint(&mut document, group_id);
        document["virtualMachines"]["client"]["hosts"] = json!({ other: "10.0.1.4" });
        let question = if resource_type == "Microsoft.Sql/servers" { login(other) } else { https(other) };
        let trace = ask(&document, question);
        let accepted = trace.steps.iter().any(|step| match step.event {
            Event::CertificateChecked { accepted, .. } => accepted,
            _ => false,
        });
        // The wildcard covers the other account; it does not cover another sub-resource.
        if accepted {
            assert_eq!(response(&trace).status, status, "{other}");
            assert!(trace.steps.iter().any(|step| step.assumptions.contains(&"A14")), "{other}");
        } else {
            assert_eq!((other, support::cause(&trace)), ("acct.file.core.windows.net", "CertificateMismatch"));
        }
    }
}

// 8.3.4 and M38: the connection policy of a SQL server.

fn sql_behind_endpoint(policy: &str, ports: &str) -> Value {
    let mut document = with_service("Microsoft.Sql/servers");
    add_endpoint(&mut document, "sqlServer");
    document["platformServices"]["acct"]["connectionPolicy"] = json!(policy);
    document["networkSecurityGroups"]["nsg"] = json!({ "subscription": "sub", "securityRules": {
        "sql": { "priority": 100, "direction": "Outbound", "access": "Allow", "protocol": "Tcp",
            "destinationAddressPrefix": "10.0.1.0/24", "destinationPortRange": ports },
        "rest": { "priority": 200, "direction": "Outbound", "access": "Deny" },
    } });
    document["subnets"]["default"]["networkSecurityGroup"] = json!("nsg");
    document
}

#[test]
fn misconfiguration_m38_redirect_through_an_endpoint_needs_the_ports_above_1433() {
    let question = login("acct.database.windows.net");
    let trace = ask(&sql_behind_endpoint("Redirect", "1433"), question.clone());
    assert!(trace.steps.iter().any(|step| matches!(step.event, Event::LoginRedirected { port: 1434..=65535, .. })));
    assert_eq!(support::cause(&trace), "DeniedBySecurityGroup", "it hangs after the login");
    for (policy, ports) in [("Redirect", "1433-65535"), ("Proxy", "1433"), ("Default", "1433")] {
        let trace = ask(&sql_behind_endpoint(policy, ports), question.clone());
        assert_eq!(response(&trace).status, 0, "{policy}");
    }
}

#[test]
fn rule_8_4_on_the_public_path_default_redirects_within_azure() {
    let mut document = with_service("Microsoft.Sql/servers");
    document["platformServices"]["acct"]["firewallRules"] =
        json!({ "azure": { "startIpAddress": "0.0.0.0", "endIpAddress": "0.0.0.0" } });
    let trace = ask(&document, login("acct.database.windows.net"));
    assert!(trace.steps.iter().any(|step| matches!(step.event, Event::LoginRedirected { port: 11000..=11999, .. })));
    assert_eq!(response(&trace).status, 0);
}

#[test]
fn rule_3_8_a_login_by_the_privatelink_name_fails_the_name_check() {
    let document = sql_behind_endpoint("Default", "1433");
    let trace = ask(&document, login("acct.privatelink.database.windows.net"));
    assert_eq!(support::cause(&trace), "CertificateMismatch");
}

// Misconfigurations of section 10 that end in a refusal.

#[test]
fn misconfiguration_m17_the_public_address_is_refused_although_the_endpoint_exists() {
    for (resource_type, group_id, name, code) in [
        ("Microsoft.Storage/storageAccounts", "blob", "acct.blob.core.windows.net", "AuthorizationFailure"),
        ("Microsoft.KeyVault/vaults", "vault", "acct.vault.azure.net", "ForbiddenByConnection"),
    ] {
        let mut document = with_service(resource_type);
        add_endpoint(&mut document, group_id);
        document["platformServices"]["acct"]["publicNetworkAccess"] = json!("Disabled");
        assert_eq!(response(&ask(&document, https(name))).status, 200);
        document["privateDnsZones"] = json!({});
        assert_eq!(response(&ask(&document, https(name))).error_code.as_deref(), Some(code));
    }
}

#[test]
fn misconfiguration_m18_a_blob_endpoint_does_not_carry_file() {
    let mut document = with_service("Microsoft.Storage/storageAccounts");
    add_endpoint(&mut document, "blob");
    document["platformServices"]["acct"]["networkAcls"] = json!({ "defaultAction": "Deny" });
    assert_eq!(response(&ask(&document, https("acct.blob.core.windows.net"))).status, 200);
    for other in ["acct.file.core.windows.net", "acct.dfs.core.windows.net", "acct.queue.core.windows.net"] {
        assert_eq!(response(&ask(&document, https(other))).status, 403, "{other}");
    }
}

#[test]
fn misconfiguration_m19_an_endpoint_does_not_close_the_public_door() {
    let mut document = with_service("Microsoft.Storage/storageAccounts");
    add_endpoint(&mut document, "blob");
    document["internetClients"]["anyone"] = json!({});
    let from_outside = json!({ "from": "anyone", "protocol": "HTTPS", "to": "acct.blob.core.windows.net" });
    assert_eq!(response(&ask(&document, from_outside.clone())).status, 200);
    document["platformServices"]["acct"]["publicNetworkAccess"] = json!("Disabled");
    assert_eq!(response(&ask(&document, from_outside)).status, 403);
}
