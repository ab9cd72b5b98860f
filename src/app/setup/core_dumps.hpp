#pragma once
// A core dump of this program would hold secrets and the addresses of people, and would lie about wherever the machine
// keeps such files. So it writes none.
//
// Hazard: a process that cannot be dumped belongs to root in /proc: to attach a debugger or to read its environment
// takes root, whoever runs it.

namespace ordersync::app::setup {

// Before the first secret is read. Holds also where the kernel hands cores to a program, which limits do not prevent.
void forbid_core_dumps() noexcept;

}  // namespace ordersync::app::setup
