#include "tests/integration/publishing/upload/victim.hpp"

#include <csignal>
#include <sstream>

#include "tests/support/publishing/upload_fixture.hpp"

#include "core/systems_run.hpp"

namespace devy::upload {
namespace {

using testing::keep_log_quiet;
using testing::make_test_config;

constexpr const char* role_name = "upload_victim";
constexpr std::size_t order_bytes_max = 65'536;

int play_victim(process::Parent& parent) {
  std::istringstream frame(parent.receive(order_bytes_max).value_or(""));
  std::string conninfo, runtime_directory, upload, step, is_in_middle;
  for (auto* field : {&conninfo, &runtime_directory, &upload, &step, &is_in_middle})
    std::getline(frame, *field);
  keep_log_quiet();
  const auto config = make_test_config(runtime_directory);
  systems::run_here(conninfo, config, {.only = base::UploadId::trusted(upload)},
                    [&](const queue::Progress& progress) {
                      if (progress.step == step && (progress.done > 0) == (is_in_middle == "1"))
                        raise(SIGKILL);
                    },
                    {});
  return 0;
}

const bool is_registered = [] {
  process::register_role(role_name, play_victim);
  return true;
}();

}  // namespace

process::Child start_victim(const VictimOrder& order) {
  auto child = process::Child::spawn(role_name, {});
  const auto frame = order.conninfo + "\n" + order.runtime_directory + "\n" + order.upload.text() +
                     "\n" + order.step + "\n" + (order.is_in_middle ? "1" : "0") + "\n";
  EXPECT_TRUE(is_registered && child.send(frame));
  return child;
}

}  // namespace devy::upload
