// Assets go into the database and come out of it byte by byte as they were.
#include "core/publishing/store/asset_store.hpp"

#include <algorithm>
#include <optional>

#include "core/publishing/store/asset_read_store.hpp"
#include "tests/integration/publishing/store/store_fixture.hpp"

namespace devy::publishing {
namespace asset_store_test {

class AssetStore : public StoreTest {
 protected:
  static std::string every_byte(std::size_t bytes_min) {
    std::string bytes;
    for (int value = 0; value < 256 || bytes.size() < bytes_min; ++value)
      bytes += static_cast<char>(value);
    return bytes;
  }

  // Nothing when the asset is not there.
  std::optional<std::string> read(const AssetFile& asset) {
    std::string bytes;
    const auto take = [&](std::string_view piece) { bytes += piece; };
    return read_asset(connection_, asset, take) ? std::optional(bytes) : std::nullopt;
  }
};

TEST_F(AssetStore, ReturnsEveryByteOfContentsOfAllSizes) {
  const auto id = blog().id;
  const auto blob = snapshot::BlobId::parse(std::string(40, 'b')).value();
  std::vector<std::string> contents{"", std::string(1, '\0'), every_byte(0), every_byte(1'048'576),
                                    every_byte(2'500'000)};
  for (const auto& bytes : contents) {
    const auto sha256 = base::sha256(bytes);
    EXPECT_FALSE(touch_asset(connection_, sha256));
    add_asset(connection_, {sha256, "image/png", bytes});
    EXPECT_TRUE(touch_asset(connection_, sha256));
    connection_.begin_pipeline();
    write_blog_asset(connection_, id, {std::to_string(bytes.size()), blob, sha256});
    connection_.end_pipeline();
  }
  const auto known = blog_assets(connection_, id);
  ASSERT_EQ(known.size(), contents.size());
  const auto files = asset_files(connection_, id);
  ASSERT_EQ(files.size(), contents.size());
  for (const auto& file : files) {
    const auto bytes = read(file);
    ASSERT_TRUE(bytes);
    EXPECT_EQ(bytes->size(), static_cast<std::size_t>(file.bytes));
    EXPECT_TRUE(base::sha256(*bytes) == file.sha256) << file.bytes;
    EXPECT_EQ(file.media_type, "image/png");
  }
  for (const auto& asset : known) {
    EXPECT_EQ(asset.blob, blob);
    EXPECT_TRUE(std::ranges::any_of(contents, [&](const std::string& bytes) {
      return asset.path == std::to_string(bytes.size()) && asset.sha256 == base::sha256(bytes);
    })) << asset.path;
  }
}

TEST_F(AssetStore, ReadsNothingOfAnAssetThatIsGone) {
  EXPECT_EQ(read({base::sha256("gone"), "image/png", 4}), std::nullopt);
}

}  // namespace asset_store_test
}  // namespace devy::publishing
