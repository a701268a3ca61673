#pragma once
#include <sys/types.h>

#include <string>

namespace halcyon {

/// What holds a child and its descendants besides session, limits and wall clock; each level has
/// what the ones before it have. None of them leaves anything on disk.
enum class Isolation {
  /// Anybody: the guardian inherits orphans and looks its descendants up in /proc.
  subreaper,
  /// Root: each child is a user of its own who keeps no power of root's but over files, so that the
  /// limit of processes holds, and no process but its own can be signalled or traced.
  own_user,
  /// Root that may make namespaces: the kernel kills all of the child's processes at once, also
  /// when the guardian dies, and they see the pid of nobody else.
  pid_namespace,
};

/// The strongest that works here; tried out once.
Isolation strongest_isolation();
/// The line for records: the level, and what it lacks.
std::string to_text(Isolation);

/// fork(), at pid_namespace as the first process of a namespace of its own.
pid_t fork_into(Isolation);
/// Makes this process a user that nobody else is; capabilities but the override of file permissions
/// are gone for good, also over exec. What it creates before an exec still belongs to root. False
/// when that cannot be.
bool become_own_user();

}  // namespace halcyon
