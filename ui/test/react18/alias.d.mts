import type { Alias } from "vite";

export declare const react18: Alias[];
