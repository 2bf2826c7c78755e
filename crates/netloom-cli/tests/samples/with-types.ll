; A program of XDP with a function beside it and notes of its types. Made by: llc-14 -march=bpfel -filetype=obj with-types.ll -o with-types.o
target datalayout = "e-m:e-p:64:64-i64:64-i128:128-n32:64-S128"
target triple = "bpf"
@LIC = global [4 x i8] c"GPL\00", section "license", align 1
@llvm.used = appending global [2 x i8*] [i8* getelementptr inbounds ([4 x i8], [4 x i8]* @LIC, i32 0, i32 0), i8* bitcast (i32 (i8*)* @pass to i8*)], section "llvm.metadata"
define dso_local i32 @pass(i8* %ctx) section "prog" !dbg !7 {
  %r = call i32 @helper(i32 1), !dbg !11
  ret i32 %r, !dbg !11
}
define dso_local i32 @helper(i32 %x) noinline !dbg !12 {
  %y = add i32 %x, 1, !dbg !13
  ret i32 %y, !dbg !13
}
!llvm.dbg.cu = !{!0}
!llvm.module.flags = !{!3, !4}
!0 = distinct !DICompileUnit(language: DW_LANG_C99, file: !1, producer: "x", isOptimized: true, runtimeVersion: 0, emissionKind: FullDebug, enums: !2)
!1 = !DIFile(filename: "btf.c", directory: "/tmp")
!2 = !{}
!3 = !{i32 2, !"Dwarf Version", i32 4}
!4 = !{i32 2, !"Debug Info Version", i32 3}
!5 = !DIBasicType(name: "int", size: 32, encoding: DW_ATE_signed)
!6 = !DIDerivedType(tag: DW_TAG_pointer_type, baseType: null, size: 64)
!7 = distinct !DISubprogram(name: "pass", scope: !1, file: !1, line: 3, type: !8, isLocal: false, isDefinition: true, scopeLine: 3, isOptimized: true, unit: !0, retainedNodes: !2)
!8 = !DISubroutineType(types: !9)
!9 = !{!5, !6}
!10 = !DISubroutineType(types: !14)
!11 = !DILocation(line: 3, scope: !7)
!12 = distinct !DISubprogram(name: "helper", scope: !1, file: !1, line: 9, type: !10, isLocal: false, isDefinition: true, scopeLine: 9, isOptimized: true, unit: !0, retainedNodes: !2)
!13 = !DILocation(line: 9, scope: !12)
!14 = !{!5, !5}
