/** Why a test that needs a small disk was skipped. */
export declare const noSmallDisk = "A full disk is not tried: this machine lets nobody but root mount a small one.";
/** For tests: a file system of 24 MB of its own. Null where this machine lets nobody but root mount one. */
export declare function mountSmallDisk(): {
    path: string;
    unmount(): void;
} | null;
/** Writes to a file until no byte is left on its disk. */
export declare function fillDisk(path: string): void;
