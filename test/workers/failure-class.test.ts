import { describe, expect, it } from "vitest";
import { classOf } from "../../src/workers/failure-class.ts";
import { thrown } from "../../src/workers/failure.ts";

describe("the class of a failure", () => {
  it.each([
    ["disk", "OSError: [Errno 28] No space left on device: '/data/ckpt.pt'"],
    ["disk", "Error: ENOSPC: no space left on device, write"],
    ["disk", "OSError: [Errno 122] Disk quota exceeded"],
    ["disk", "cp: error writing 'w': Disk quota exceeded"],
    ["device-memory", "torch.cuda.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB"],
    ["device-memory", "torch.OutOfMemoryError: HIP out of memory."],
    ["device-memory", "tensorflow.python.framework.errors_impl.ResourceExhaustedError: OOM when allocating tensor"],
    ["device-memory", "RuntimeError: CUDA error: out of memory"],
    ["device-memory", "CUDA driver error: CUDA_ERROR_OUT_OF_MEMORY"],
    ["host-memory", "MemoryError"],
    ["host-memory", "numpy.core._exceptions._ArrayMemoryError: Unable to allocate 3 GiB\nMemoryError"],
    ["host-memory", "  what():  std::bad_alloc"],
    ["host-memory", "OSError: [Errno 12] Cannot allocate memory"],
    ["host-memory", "FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory"],
    ["host-memory", 'Exception in thread "main" java.lang.OutOfMemoryError: Java heap space'],
    ["device-lost", "NVRM: Xid (PCI:0000:3b:00): 79, GPU has fallen off the bus."],
    ["device-lost", "RuntimeError: No CUDA-capable device is detected"],
  ])("is %s for %j", (kind, words) => {
    expect(classOf(words)).toBe(kind);
  });

  it.each(["ValueError: bad shape", "CUDA error: device-side assert triggered", "Killed", "", "spaceship"])(
    "is nothing special for %j",
    (words) => {
      expect(classOf(words)).toBeUndefined();
    },
  );

  it("is what the last word says, and not what came long before it", () => {
    expect(classOf("No space left on device\nMemoryError")).toBe("host-memory");
    expect(classOf(`No space left on device\n${"line\n".repeat(20)}ValueError`)).toBeUndefined();
  });

  it("is that of the cause of what was thrown", () => {
    const error = new Error("cannot save", { cause: Object.assign(new Error("EDQUOT: write"), { code: "EDQUOT" }) });
    expect(thrown(error).cause).toMatchObject({ kind: "disk", message: "Error: cannot save" });
    expect(thrown(new RangeError("Array buffer allocation failed")).cause.kind).toBe("host-memory");
    expect(thrown("oops").cause.kind).toBe("error");
  });
});
