#pragma once
// The checks of `doctor` about the mirror: whether deliveries come, what the credential may see,
// the rest of the hour's requests, the key file, and lists that were never or long not read.
// Changes nothing; throws what pg::Connection throws.

#include <vector>

#include "core/platform/base/diagnosis.hpp"
#include "core/platform/config/config.hpp"
#include "core/platform/pg/connection.hpp"

namespace devy::mirror {

void diagnose(pg::Connection& connection, const config::Config& config,
              std::vector<base::Diagnosis>& diagnoses);

}  // namespace devy::mirror
