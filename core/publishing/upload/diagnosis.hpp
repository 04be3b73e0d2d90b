#pragma once
// The checks of `doctor` about uploads and blogs. Changes nothing; throws what pg::Connection
// throws.

#include <vector>

#include "core/platform/base/diagnosis.hpp"
#include "core/platform/pg/connection.hpp"

namespace devy::upload {

void diagnose(pg::Connection& connection, std::vector<base::Diagnosis>& diagnoses);

}  // namespace devy::upload
