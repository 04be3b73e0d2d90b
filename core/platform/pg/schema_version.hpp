#pragma once
// The version of schema.sql that these programs are written for. Every claim states it; store/
// compares it with the database's (core/platform/schema/schema_store.hpp).

namespace devy::pg {

inline constexpr int schema_version = 2;

}  // namespace devy::pg
