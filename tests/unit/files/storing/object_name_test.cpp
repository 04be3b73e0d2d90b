#include "core/files/storing/object_name.hpp"

#include <gtest/gtest.h>

#include "core/files/storing/sending.hpp"

namespace devy::storing {
namespace {

config::FilesS3 settings_with(const std::string& prefix) {
  config::FilesS3 settings;
  settings.prefix = prefix;
  return settings;
}

TEST(ObjectName, HasDigestAndGeneration) {
  const auto settings = settings_with("files/");
  const auto key = key_of(settings, base::sha256("hello"), 7);
  EXPECT_EQ(key, "files/2c/2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824.7");
  const auto name = name_of(settings, {key, 5, {}});
  ASSERT_TRUE(name);
  EXPECT_EQ(name->sha256, base::sha256("hello"));
  EXPECT_EQ(name->generation, 7);
  EXPECT_EQ(name->size, 5);
}

TEST(ObjectName, IsNoneOfAnotherObject) {
  const auto settings = settings_with("files/");
  const auto key = key_of(settings, base::sha256("hello"), 7);
  for (const auto& other :
       {std::string(), std::string("files/readme"), key + "0x", key.substr(0, key.size() - 1),
        key.substr(0, key.size() - 1) + "-7", key.substr(0, key.size() - 1) + "07",
        key.substr(0, key.size() - 1) + "99999999999", "other/" + key, key.substr(6),
        "files/2d" + key.substr(8)})
    EXPECT_FALSE(name_of(settings, {other, 5, {}})) << other;
}

TEST(PartSize, GrowsWithTheContent) {
  config::FilesS3 settings;
  EXPECT_EQ(part_bytes_of(settings, 9 * config::mebibyte), 8 * config::mebibyte);
  const auto large = std::uint64_t{900} * 1024 * config::mebibyte;
  const auto part_bytes = part_bytes_of(settings, large);
  EXPECT_LE((large + part_bytes - 1) / part_bytes, parts_max);
  EXPECT_GT((large + part_bytes - 1) / part_bytes, parts_max - 10);
}

}  // namespace
}  // namespace devy::storing
