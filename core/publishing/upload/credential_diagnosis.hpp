#pragma once
// Examines for `doctor` how far credentials reach: which blogs a token would be used for, whose
// deliveries a secret may sign, and which blogs are not bound to an id. Reads no secret. Any
// thread.

#include <vector>

#include "core/platform/base/clock.hpp"
#include "core/platform/base/diagnosis.hpp"
#include "core/platform/config/config.hpp"
#include "core/publishing/store/blog_store.hpp"

namespace devy::upload {

void examine_credentials(const config::Config& config, const std::vector<publishing::Blog>& blogs,
                         base::TimePoint now, std::vector<base::Diagnosis>& diagnoses);

}  // namespace devy::upload
