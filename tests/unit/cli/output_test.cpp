#include "cli/terminal/output.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <ostream>

namespace devy::cli {
namespace output_test {

struct Ends {
  Ends() { EXPECT_EQ(::pipe(ends.data()), 0); }
  ~Ends() {
    ::close(ends[0]);
    ::close(ends[1]);
  }
  std::array<int, 2> ends{};
};

TEST(DescriptorBuffer, WritesAllOnFlushAndAtItsEnd) {
  const Ends pipe;
  {
    DescriptorBuffer buffer(pipe.ends[1]);
    std::ostream out(&buffer);
    out << "first " << std::flush << "second";
    EXPECT_EQ(buffer.failure(), 0);
  }
  std::array<char, 32> text{};
  EXPECT_EQ(::read(pipe.ends[0], text.data(), text.size()), 12);
  EXPECT_STREQ(text.data(), "first second");
}

TEST(DescriptorBuffer, RemembersAFullDisk) {
  const int full = ::open("/dev/full", O_WRONLY | O_CLOEXEC);
  ASSERT_GE(full, 0);
  {
    DescriptorBuffer buffer(full);
    std::ostream out(&buffer);
    out << std::string(100'000, 'x') << std::flush;
    EXPECT_FALSE(out.good());
    EXPECT_EQ(buffer.failure(), ENOSPC);
  }
  ::close(full);
}

TEST(DescriptorBuffer, RemembersAReaderThatHasGone) {
  std::signal(SIGPIPE, SIG_IGN);
  Ends pipe;
  ::close(pipe.ends[0]);
  DescriptorBuffer buffer(pipe.ends[1]);
  std::ostream out(&buffer);
  out << "x" << std::flush;
  EXPECT_EQ(buffer.failure(), EPIPE);
  pipe.ends[0] = -1;
}

}  // namespace output_test
}  // namespace devy::cli
