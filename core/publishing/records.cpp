#include "core/publishing/records.hpp"

#include "core/publishing/store/health_store.hpp"
#include "core/publishing/store/prune.hpp"

namespace devy::publishing {

std::vector<queue::Prunable> prunable_records() {
  return prunables();
}

std::vector<std::string> operations_needed(pg::Connection& connection,
                                           const std::vector<std::string>& ids) {
  return needed_operations(connection, ids);
}

std::map<std::string, std::string> subjects(pg::Connection& connection,
                                            const std::vector<std::string>& operations) {
  return blogs_of_operations(connection, operations);
}

}  // namespace devy::publishing
