#pragma once
// A comment that is deleted at GitHub does not change its issue's time, so a reading of what
// changed does not show it, and where its delivery was lost nobody would know. Once a day each
// issue's count of comments is compared with the mirror's rows, and where they differ the
// repository's comments are read again, whole.

#include "core/platform/config/config.hpp"
#include "core/platform/pg/connection.hpp"
#include "core/platform/queue/maintenance_task.hpp"

namespace devy::inbound {

// Looks once; returns how many repositories are read again. Throws what pg::Connection throws.
int look_for_comment_gaps(pg::Connection& connection, const config::Config& config);

[[nodiscard]] queue::Maintenance comment_gaps_task();

}  // namespace devy::inbound
