#include "core/publishing/records.hpp"

#include "core/publishing/store/health_store.hpp"
#include "core/publishing/store/prune.hpp"

namespace devy::publishing {

std::vector<queue::PruneCount> prune_records(pg::Connection& connection,
                                             const queue::PruneAges& ages) {
  return prune(connection, ages);
}

std::map<std::string, std::string> subjects(pg::Connection& connection,
                                            const std::vector<std::string>& operations) {
  return blogs_of_uploads(connection, operations);
}

}  // namespace devy::publishing
