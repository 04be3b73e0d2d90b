#pragma once
// A disk for files, an account with files on it, and the command line that is killed between its
// steps. One thread.

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "tests/support/postgres/postgres.hpp"
#include "tests/support/process/program.hpp"
#include "tests/support/temp_folder.hpp"

namespace devy::testing {

class KilledFileFixture : public ::testing::Test {
 protected:
  KilledFileFixture() {
    write_text(folder_ / "devy-upload.toml", "[files]\nenabled = true\ndirectory = \"" +
                                                 (folder_ / "files") +
                                                 "\"\nfree_bytes_min = \"0B\"\n");
    EXPECT_EQ(run({"account", "add", "alice"}).status, 0);
    EXPECT_EQ(run({"file", "init"}).status, 0);
  }

  // `fault`: as DEVY_FAULT has it.
  [[nodiscard]] ProgramResult run(std::vector<std::string> arguments,
                                  const std::string& fault = {}) const {
    ProgramCall call;
    call.arguments = std::move(arguments);
    call.arguments.insert(call.arguments.end(),
                          {"--config", folder_ / "devy-upload.toml", "--db", database_.conninfo()});
    if (!fault.empty()) call.environment["DEVY_FAULT"] = fault;
    return run_program(call);
  }

  TempFolder folder_;
  TestDatabase database_;
};

}  // namespace devy::testing
