#pragma once
// Where the CRM is, and the token for it: section [crm] of the configuration, or the variable
// PIPEDRIVE_TOKEN in place of the file. The token is in no URL, log, error or page.
// Reads the environment and the token's file; any thread.

#include <string>

#include "core/platform/base/secret.hpp"
#include "core/platform/config/config.hpp"

namespace devy::crm {

// The company that is told of gists; empty where the configuration names none or has no token:
// nothing is recorded for the CRM then.
[[nodiscard]] std::string company_of(const config::Crm& settings);

struct Access {
  std::string api_url;  // without a slash at its end
  base::Secret token;
};
// Throws Error(config) when there is no token, its file cannot be used, or the address is neither
// https nor on this machine.
[[nodiscard]] Access open_access(const config::Crm& settings);

// Names the address and the token without telling the token, so that what holds for one of them
// ends when it is changed: a pause after it was not accepted.
[[nodiscard]] std::string fingerprint(const Access& access);

}  // namespace devy::crm
