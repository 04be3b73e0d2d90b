#pragma once
// Tells `doctor` of users who cannot be scanned, and whether GitHub answers enough requests.

#include <vector>

#include "core/platform/base/diagnosis.hpp"
#include "core/platform/config/config.hpp"
#include "core/platform/pg/connection.hpp"

namespace devy::gists {

// Adds nothing where gists are switched off. Throws what pg::Connection throws.
void diagnose(pg::Connection& connection, const config::Config& config,
              std::vector<base::Diagnosis>& diagnoses);

}  // namespace devy::gists
