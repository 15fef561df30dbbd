export declare function measureScript(names?: string[]): Promise<number>;
export declare function measureStyles(): Promise<number>;
