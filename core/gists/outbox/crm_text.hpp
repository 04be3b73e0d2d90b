#pragma once
// The words for the CRM about a file of a gist, or about a deal. Pure; any thread.

#include "core/crm/client.hpp"
#include "core/gists/store/crm_store.hpp"
#include "core/platform/config/config.hpp"

namespace devy::outbox {

[[nodiscard]] crm::Activity activity_text(const gists::CrmItem& item, const config::Crm& settings);
// A user's deal has his login as its title; a gist's has the login and the gist's id.
[[nodiscard]] crm::Deal deal_text(const gists::CrmItem& item, const config::Crm& settings);

}  // namespace devy::outbox
