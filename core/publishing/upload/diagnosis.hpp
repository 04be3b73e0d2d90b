#pragma once
// The checks of `doctor` about uploads, blogs, and how far credentials reach. Changes nothing;
// throws what pg::Connection throws.

#include <vector>

#include "core/platform/base/diagnosis.hpp"
#include "core/platform/config/config.hpp"
#include "core/platform/pg/connection.hpp"

namespace devy::upload {

void diagnose(pg::Connection& connection, const config::Config& config,
              std::vector<base::Diagnosis>& diagnoses);

}  // namespace devy::upload
