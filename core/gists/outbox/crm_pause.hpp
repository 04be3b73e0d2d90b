#pragma once
// Pauses in which the CRM is left alone, shared by all daemons (platform/github/api_pause.hpp): of
// the company, and of a token that was not accepted, until the configuration has another one.
// Throws what pg::Connection throws.

#include <chrono>
#include <string>
#include <vector>

#include "core/crm/answer.hpp"
#include "core/platform/pg/connection.hpp"

namespace devy::outbox {

struct PauseNames {
  std::string company;  // "pipedrive/<company>"
  std::string token;    // "pipedrive/<company>/<fingerprint>"
};
[[nodiscard]] PauseNames pause_names(const std::string& company, const std::string& fingerprint);
[[nodiscard]] std::vector<std::string> all_of(const PauseNames& names);

// Begins the pause that an answer about the server asks for; returns its length.
std::chrono::milliseconds pause_after(pg::Connection& connection, const PauseNames& names,
                                      const crm::Answer& answer);

}  // namespace devy::outbox
