#pragma once
// The checks of `doctor` about files: whether the node has its storage, how much space is left, and
// whose tokens are believed. Changes nothing; throws what pg::Connection throws.

#include <vector>

#include "core/platform/base/diagnosis.hpp"
#include "core/platform/config/config.hpp"
#include "core/platform/pg/connection.hpp"

namespace devy::files {

void diagnose(pg::Connection& connection, const config::Config& config,
              std::vector<base::Diagnosis>& diagnoses);

}  // namespace devy::files
